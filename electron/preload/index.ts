/** The bridge: two named functions and one way for ports to come in. Nothing of Electron reaches the window. */
import { contextBridge, ipcRenderer } from 'electron'
import type { Bridge, BridgeMessage } from '../../domain/contract/native'
import type { Result } from '../../domain/errors'

const bridge: Bridge = {
  connect: () => ipcRenderer.send('maotiao:connect'),
  native: (name, input) => ipcRenderer.invoke('maotiao:native', name, input) as Promise<Result<unknown>>,
}
contextBridge.exposeInMainWorld('maotiao', bridge)

// A port cannot pass contextBridge; a window message of the same origin can carry it.
const tell = (message: BridgeMessage, ports: readonly MessagePort[] = []) =>
  window.postMessage(message, window.location.origin, [...ports])
ipcRenderer.on('maotiao:port', (event) => tell({ maotiao: 'port' }, event.ports))
ipcRenderer.on('maotiao:gone', (_event, restarting: boolean) => tell({ maotiao: 'gone', restarting }))
