/** Asking a person at the terminal. Passwords come from the environment or from here, never from an argument. */
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { Refused } from './output'

async function question(text: string, echo: 'shown' | 'hidden'): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new Refused({
      code: 'BAD_INPUT',
      message: `需要${text}，但当前不能提问。密码请放在环境变量 MAOTIAO_PASSWORD 中。`,
    })
  }
  process.stderr.write(`${text}：`)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const reader = createInterface({
    input: process.stdin,
    output: echo === 'shown' ? process.stderr : silent,
    terminal: true,
  })
  try {
    return await new Promise<string>((resolve) => reader.question('', resolve))
  } finally {
    reader.close()
    if (echo === 'hidden') process.stderr.write('\n')
  }
}

/** @returns the password from `MAOTIAO_PASSWORD` or typed unseen */
export async function askPassword(what = '密码'): Promise<string> {
  const given = process.env['MAOTIAO_PASSWORD']
  return given !== undefined && given !== '' ? given : question(what, 'hidden')
}

/** @returns one line typed by the person */
export async function ask(what: string): Promise<string> {
  return question(what, 'shown')
}

export async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Uint8Array))
  return Buffer.concat(chunks).toString('utf8')
}
