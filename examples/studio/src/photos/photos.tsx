export const Photos = () => <p class="blank">Photos are not here yet.</p>
