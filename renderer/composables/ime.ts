/**
 * Input methods come first (PRACTICE.md section 1): while a syllable is being composed, Enter commits letters, Esc takes
 * them back and digits choose a candidate. Some input methods send one more Enter with keyCode 229 after
 * `compositionend`. No shortcut and no form may take such a key for its own.
 */
const PROCESS_KEY = 229

let composing = false
let swallowedEnter = false

/** @returns whether the key belongs to the input method and must be left alone. */
export function belongsToIme(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === PROCESS_KEY
}

/** @returns whether a form submission now would come from a key of the input method. */
export function imeIsBusy(): boolean {
  return composing || swallowedEnter
}

/**
 * Watches composition for the whole window. Called once at the start.
 * @param target the document
 * @returns takes the listeners off again
 */
export function watchIme(target: Document): () => void {
  const start = (): void => {
    composing = true
  }
  const end = (): void => {
    composing = false
  }
  const key = (event: KeyboardEvent): void => {
    swallowedEnter = event.key === 'Enter' && belongsToIme(event)
  }
  const up = (): void => {
    swallowedEnter = false
  }
  // An abandoned composition (focus lost, element removed) sends no compositionend to the document.
  target.addEventListener('compositionstart', start, true)
  target.addEventListener('compositionend', end, true)
  target.addEventListener('focusout', end, true)
  target.addEventListener('keydown', key, true)
  target.addEventListener('keyup', up, true)
  return () => {
    target.removeEventListener('compositionstart', start, true)
    target.removeEventListener('compositionend', end, true)
    target.removeEventListener('focusout', end, true)
    target.removeEventListener('keydown', key, true)
    target.removeEventListener('keyup', up, true)
  }
}
