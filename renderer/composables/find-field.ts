/**
 * @param from an element inside the form or page
 * @param path the error's field: `patch.person.create.name`
 * @returns the element marked `data-field` with that path or, failing that, with the longest end of it
 */
export function findField(from: HTMLElement | null, path: string): HTMLElement | null {
  const root: ParentNode = from?.closest('form, [role=dialog], main') ?? document
  const parts = path.split('.')
  for (let start = 0; start < parts.length; start += 1) {
    const wanted = parts.slice(start).join('.')
    const found = root.querySelector<HTMLElement>(`[data-field="${CSS.escape(wanted)}"]`)
    if (found !== null) return found
  }
  return null
}
