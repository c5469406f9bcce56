import { Menu, type MenuItemConstructorOptions, type WebContents } from 'electron'

/** Copy and paste in our words: the roles' own labels are English on some systems. */
const EDIT: readonly MenuItemConstructorOptions[] = [
  { role: 'undo', label: '撤销' },
  { type: 'separator' },
  { role: 'cut', label: '剪切' },
  { role: 'copy', label: '复制' },
  { role: 'paste', label: '粘贴' },
  { role: 'selectAll', label: '全选' },
]

/** No menu bar, so no reload, zoom or developer key either; macOS needs one for its copy and paste keys. */
export function setMenu(): void {
  if (process.platform !== 'darwin') return Menu.setApplicationMenu(null)
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      {
        role: 'appMenu',
        submenu: [
          { role: 'hide', label: '隐藏' },
          { role: 'quit', label: '退出' },
        ],
      },
      { label: '编辑', submenu: [...EDIT] },
    ]),
  )
}

/** Everything must work by mouse alone: the right button offers copy and paste. */
export function offerEditMenu(contents: WebContents): void {
  contents.on('context-menu', (_event, { isEditable, selectionText }) => {
    if (isEditable) Menu.buildFromTemplate([...EDIT]).popup()
    else if (selectionText !== '') Menu.buildFromTemplate([{ role: 'copy', label: '复制' }]).popup()
  })
}
