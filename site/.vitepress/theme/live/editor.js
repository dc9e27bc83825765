import { autocompletion, closeBrackets } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { javascript } from '@codemirror/lang-javascript'
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorState } from '@codemirror/state'
import { drawSelection, EditorView, keymap } from '@codemirror/view'
import { tags as t } from '@lezer/highlight'

// Colours are those of the page, in light and dark (colours.css).
const highlighting = HighlightStyle.define([
  { tag: [t.keyword, t.operatorKeyword, t.modifier, t.controlKeyword], color: 'var(--code-keyword)' },
  { tag: [t.string, t.special(t.string), t.regexp], color: 'var(--code-string)' },
  { tag: [t.number, t.bool, t.null, t.atom], color: 'var(--code-number)' },
  { tag: [t.comment, t.lineComment, t.blockComment], color: 'var(--code-comment)' },
  {
    tag: [t.function(t.variableName), t.function(t.propertyName), t.definition(t.variableName)],
    color: 'var(--code-name)',
  },
  { tag: [t.typeName, t.className], color: 'var(--code-type)' },
])

const look = EditorView.theme({
  '&': { color: 'var(--vp-c-text-1)', backgroundColor: 'transparent', fontSize: 'var(--vp-code-font-size)' },
  '.cm-content': {
    fontFamily: 'var(--vp-font-family-mono)',
    lineHeight: 'var(--vp-code-line-height)',
    padding: '20px 0',
    caretColor: 'var(--vp-c-brand-1)',
  },
  '.cm-line': { padding: '0 24px' },
  '.cm-cursor': { borderLeftColor: 'var(--vp-c-brand-1)', borderLeftWidth: '2px' },
  '&.cm-focused': { outline: 'none' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--code-selection) !important',
  },
  '.cm-matchingBracket': { backgroundColor: 'var(--code-selection) !important' },
})

/** An editor in an element; `run` is called for Ctrl or Cmd with Enter. Gives how to read it and how to take it away. */
export const openEditor = (parent, code, run) => {
  const runKey = {
    key: 'Mod-Enter',
    run: () => {
      run()
      return true
    },
  }
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: code.trimEnd(),
      extensions: [
        history(),
        drawSelection(),
        bracketMatching(),
        closeBrackets(),
        autocompletion({ activateOnTyping: false }),
        javascript({ typescript: true }),
        syntaxHighlighting(highlighting),
        look,
        EditorView.contentAttributes.of({ 'aria-label': 'Code of the example' }),
        keymap.of([runKey, ...defaultKeymap, ...historyKeymap, indentWithTab]),
      ],
    }),
  })
  view.focus()
  return { read: () => view.state.doc.toString(), close: () => view.destroy() }
}
