/**
 * What a window may ask of the operating system through the main process: dialogs, paper, leaving. The main process
 * parses the input with these schemas; the window imports the types only. No path crosses this border: what a person
 * chose in a dialog comes back as an opaque token that the core takes.
 */
import { z } from 'zod'
import type { Result } from '../errors'
import type { NoticeModel } from './reception'

interface NativeSpec<I extends z.ZodType = z.ZodType, O = unknown> {
  readonly input: I
  /** Which window may ask: the application's own, or one that shows a paper. */
  readonly from: 'desk' | 'paper'
  /** Phantom: carries the output type. */
  readonly output?: O
}
function native<O>() {
  return <I extends z.ZodType>(spec: Omit<NativeSpec<I, O>, 'output'>): NativeSpec<I, O> => spec
}

/** A path chosen by a person: the token goes into a route of the core, the name is shown. */
export interface ChosenPath {
  readonly token: string
  /** Last part of the path. */
  readonly name: string
}
/** A page of plain text, such as the recovery sheet. */
export interface TextSheet {
  readonly kind: 'text'
  readonly title: string
  readonly text: string
}
export type Paper = { readonly kind: 'notice'; readonly notice: NoticeModel } | TextSheet
/** What a paper window lays out. `preview`: with buttons above the sheet. */
export interface PaperJob {
  readonly mode: 'preview' | 'hidden'
  readonly paper: Paper
}

const name = z.string().trim().min(1).max(120)
/** Suggested file name: no folders, nothing Windows refuses, no name of a person (PRACTICE section 2, rule 15). */
const fileName = z
  .string()
  .trim()
  .max(120)
  .regex(/^[^\\/:*?"<>|]*$/, '文件名里不能有 \\ / : * ? " < > |')
  .default('')
const fileKinds = z
  .array(
    z.strictObject({
      name,
      extensions: z
        .array(z.string().regex(/^[a-z0-9]{1,10}$/))
        .min(1)
        .max(10),
    }),
  )
  .max(10)
  .default([])

const noticeModel = z.strictObject({
  kind: z.enum(['visit_receipt', 'acceptance', 'refusal']),
  title: name,
  centreName: z.string().max(120),
  code: z.string().max(60),
  date: z.string().max(40),
  lines: z.array(z.strictObject({ label: z.string().max(40), text: z.string().max(4000) })).max(40),
  body: z.array(z.string().max(4000)).max(40),
  signPlaces: z.array(z.string().max(60)).max(10),
}) satisfies z.ZodType<NoticeModel>
const textSheet = z.strictObject({ title: name, text: z.string().min(1).max(20_000) })
const typeSize = z.enum(['normal', 'large', 'largest'])
export type TypeSize = z.output<typeof typeSize>
const nothing = z.strictObject({}).default({})

export const NATIVE = {
  /** Null: the person closed the dialog without choosing. */
  'dialog.open_file': native<ChosenPath | null>()({
    input: z.strictObject({ title: name, kinds: fileKinds }),
    from: 'desk',
  }),
  'dialog.open_folder': native<ChosenPath | null>()({ input: z.strictObject({ title: name }), from: 'desk' }),
  'dialog.save_file': native<ChosenPath | null>()({
    input: z.strictObject({ title: name, suggestedName: fileName, kinds: fileKinds }),
    from: 'desk',
  }),

  /** Shows the sheet as it will be printed, with buttons for the printer and for a PDF; answers at once. */
  'print.preview': native<null>()({ input: z.strictObject({ notice: noticeModel }), from: 'desk' }),
  /** Asks where to, writes the PDF. */
  'print.pdf': native<{ readonly name: string } | null>()({
    input: z.strictObject({ notice: noticeModel }),
    from: 'desk',
  }),
  /** Opens the printer dialog; false: the person closed it. */
  'print.paper': native<boolean>()({ input: z.strictObject({ notice: noticeModel }), from: 'desk' }),

  /** The recovery sheet: to a file chosen by the person. */
  'app.save_text': native<{ readonly name: string } | null>()({
    input: textSheet.extend({ suggestedName: fileName }),
    from: 'desk',
  }),
  /** The recovery sheet on paper: never through a temporary file. */
  'app.print_text': native<boolean>()({ input: textSheet, from: 'desk' }),
  /** Type size of this terminal's windows. Kept by main: nothing a window stores itself outlives it. */
  'app.type_size': native<TypeSize>()({ input: nothing, from: 'desk' }),
  'app.set_type_size': native<null>()({ input: z.strictObject({ size: typeSize }), from: 'desk' }),
  /** After `core_gone` with `restarting: false`: a person asks for one more try. */
  'app.restart_core': native<null>()({ input: nothing, from: 'desk' }),
  'app.quit': native<null>()({ input: nothing, from: 'desk' }),

  'paper.job': native<PaperJob>()({ input: nothing, from: 'paper' }),
  /** The sheet is laid out and its fonts are there. */
  'paper.ready': native<null>()({ input: nothing, from: 'paper' }),
  'paper.pdf': native<{ readonly name: string } | null>()({ input: nothing, from: 'paper' }),
  'paper.print': native<boolean>()({ input: nothing, from: 'paper' }),
  'paper.close': native<null>()({ input: nothing, from: 'paper' }),
}
export type NativeName = keyof typeof NATIVE
type Spec<N extends NativeName> = (typeof NATIVE)[N]
export type NativeInput<N extends NativeName> = z.output<Spec<N>['input']>
export type NativeRawInput<N extends NativeName> = z.input<Spec<N>['input']>
export type NativeOutput<N extends NativeName> = Spec<N> extends NativeSpec<z.ZodType, infer O> ? O : never

/** What the preload script puts into the window as `maotiao`: named functions, nothing of Electron. */
export interface Bridge {
  /** Asks for a port to the core; it arrives as a `BridgeMessage` of the window, now and after every restart. */
  connect(): void
  native(name: string, input: unknown): Promise<Result<unknown>>
}
/** `data` of the window's own message events. `port`: one transferred port comes with it. */
export type BridgeMessage =
  { readonly maotiao: 'port' } | { readonly maotiao: 'gone'; readonly restarting: boolean }
