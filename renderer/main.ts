import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { watchIme } from './composables/ime'
import { makeRouter } from './router'
import { useSession } from './stores/session'
import { useTypeSize } from './stores/type-size'
import './styles/tokens.css'
import './styles/base.css'

watchIme(document)
const app = createApp(App)
const pinia = createPinia()
app.use(pinia)
const session = useSession(pinia)
app.use(makeRouter(() => session.info?.currentPost))
void useTypeSize(pinia).load()
void session.start()
app.mount('#app')
