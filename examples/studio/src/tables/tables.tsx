export const Tables = () => <p class="blank">Tables are not here yet.</p>
