import { posix } from 'node:path'

/** What the page of typedoc says to who looks at that page alone, and anchors of what is no heading here. */
const LEFT_OUT = /^Defined in: .*\n\n?|<a id="[^"]*"><\/a> ?/gm

/** Headings within an export are no headings of the page; a further signature is below a line. */
const heading = text =>
  text === 'Call Signature'
    ? '\n---\n'
    : `\n<p class="part">${text.replaceAll(/\\(.)/g, '$1').replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</p>\n`

/** Text of typedoc with links to where other exports are; without those to what is on no page. */
const relinked = (text, member, byUrl) =>
  text
    .replaceAll(/\]\(([^)#]+\.md)(?:#[^)]*)?\)/g, (_, to) => {
      const other = byUrl.get(posix.normalize(posix.join(posix.dirname(member.url), to)))
      if (other === undefined) return ']()'
      const page = other.page === member.page ? '' : posix.relative(posix.dirname(member.page), other.page)
      return `](${page}#${other.anchor})`
    })
    .replaceAll(/\]\(#(property|type-parameter)[^)]*\)/g, `](#${member.anchor})`)
    .replaceAll(/\[([^\]]*)\]\(\)/g, '$1')

/** An export as a part of a page, from the page that typedoc writes for it. */
export const memberText = (text, member, byUrl) => {
  const lines = text
    .replace(/^# .*\n/, '')
    .split(/(^```[\s\S]*?^```$)/m)
    .map((piece, i) =>
      i % 2 === 1
        ? piece
        : relinked(
            piece.replaceAll(LEFT_OUT, '').replaceAll(/^#+ (.*)$/gm, (_, words) => heading(words)),
            member,
            byUrl,
          ),
    )
    .join('')
    .trim()
  return `## ${member.name} <span class="ignore-header kind">${member.kind}</span> {#${member.anchor}}\n\n${lines}\n`
}
