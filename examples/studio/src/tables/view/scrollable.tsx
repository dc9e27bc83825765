import type { ComponentChildren, Ref } from 'preact'

/** What may be wider or longer than there is room for: arrow keys scroll it. */
export const Scrollable = ({
  label,
  children,
  className = 'wide',
  scroller = null,
  onScroll,
}: {
  readonly label: string
  readonly children: ComponentChildren
  readonly className?: string
  readonly scroller?: Ref<HTMLElement>
  readonly onScroll?: (top: number) => void
}) => (
  <section
    ref={scroller}
    class={className}
    aria-label={label}
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    tabIndex={0}
    onScroll={event => onScroll?.(event.currentTarget.scrollTop)}
  >
    {children}
  </section>
)
