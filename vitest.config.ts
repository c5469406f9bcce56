import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

/**
 * Everything but end-to-end. One file set, two workers: a test opens real encrypted databases,
 * so it runs in a process of its own and may not share native handles with another file.
 * A test that needs a DOM asks for it with `// @vitest-environment happy-dom` on its first line.
 */
export default defineConfig({
  plugins: [vue()],
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: ['tests/e2e/**', 'node_modules/**'],
    environment: 'node',
    pool: 'forks',
    maxWorkers: 2,
    retry: 0,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    passWithNoTests: false,
    allowOnly: false,
    server: { deps: { inline: ['element-plus'] } },
  },
})
