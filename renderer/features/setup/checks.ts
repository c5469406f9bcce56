/** Plain words for what is wrong in a setup form; the core checks the same by its schema. */

/** @returns what is wrong with a needed short text, or undefined. */
export function needProblem(what: string, text: string, max: number): string | undefined {
  const length = text.trim().length
  if (length === 0) return `请填写${what}`
  return length > max ? `${what}最多 ${max} 个字，现在是 ${length} 个` : undefined
}

/** @returns what is wrong with a 12-digit area code, or undefined. Full-width digits and spaces are forgiven. */
export function areaCodeProblem(text: string): string | undefined {
  const code = text.normalize('NFKC').replace(/\s/g, '')
  if (code === '') return '请填写行政区划代码'
  if (!/^\d+$/.test(code)) return '行政区划代码只有数字，请去掉其他字符'
  if (code.length !== 12) {
    return code.length < 12
      ? `行政区划代码是 12 位，还差 ${12 - code.length} 位；镇街代码后面补 000`
      : `行政区划代码是 12 位，多了 ${code.length - 12} 位`
  }
  return undefined
}

/** @returns the name of the first field with a problem, or undefined. */
export function firstProblem(problems: Readonly<Record<string, string | undefined>>): string | undefined {
  return Object.keys(problems).find((name) => problems[name] !== undefined)
}
