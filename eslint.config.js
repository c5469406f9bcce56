import { existsSync } from 'node:fs'
import pluginVue from 'eslint-plugin-vue'
import tseslint from 'typescript-eslint'
import vueParser from 'vue-eslint-parser'

/** One program for everything; with the scripts of the components where build/checks/lint.mjs took them out. */
const withScripts = '.cache/lint/tsconfig.json'
const project = existsSync(new URL(withScripts, import.meta.url))
  ? withScripts
  : 'build/checks/tsconfig.lint.json'

const promisesAndCases = {
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-misused-promises': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': [
    'error',
    { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
  ],
  '@typescript-eslint/await-thenable': 'error',
}

const untyped = {
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
  '@typescript-eslint/no-unused-vars': [
    'error',
    { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
  ],
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-var': 'error',
  'prefer-const': 'error',
}

const typed = {
  ...untyped,
  ...promisesAndCases,
  '@typescript-eslint/only-throw-error': 'error',
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  // A handler is async because its route may be; that it has nothing to wait for today is no fault.
  '@typescript-eslint/require-await': 'off',
  // `'' | string` says which values are meant.
  '@typescript-eslint/no-redundant-type-constituents': 'off',
}

/**
 * What the compiler cannot see: promises nobody waits for, cases nobody handles, templates that do not mean what they
 * say. How code looks is Prettier's alone.
 */
export default tseslint.config(
  {
    ignores: [
      'node_modules/',
      'out/',
      'dist/',
      '.cache/*',
      '!.cache/lint/',
      'test-results/',
      'coverage/',
      'tests/fixtures/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    ignores: ['.cache/**'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project, tsconfigRootDir: import.meta.dirname } },
    rules: typed,
  },
  {
    // The script of a component, as build/checks/lint.mjs takes it out: with its types, without its template.
    files: ['.cache/lint/**/*.ts'],
    extends: [tseslint.configs.base],
    linterOptions: { reportUnusedDisableDirectives: 'off' },
    languageOptions: { parserOptions: { project, tsconfigRootDir: import.meta.dirname } },
    rules: promisesAndCases,
  },
  {
    // Without types on purpose: the type program would be made anew for each component, several minutes in all.
    files: ['**/*.vue'],
    extends: [...tseslint.configs.recommended, ...pluginVue.configs['flat/recommended']],
    languageOptions: {
      parser: vueParser,
      parserOptions: { parser: tseslint.parser, sourceType: 'module' },
    },
    rules: untyped,
  },
  {
    files: ['renderer/**/*.vue'],
    rules: {
      'vue/multi-word-component-names': 'off',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/no-v-html': 'error',
      'vue/require-default-prop': 'off',
      // The rules below are about how a template looks; Prettier has the last word there.
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/first-attribute-linebreak': 'off',
    },
  },
  {
    // The linter cannot see the type of a component; vue-tsc can, and there is no `any` to let through.
    files: ['renderer/**/*', 'tests/**/*'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.js', '**/*.cjs'],
    languageOptions: { ecmaVersion: 2024, sourceType: 'module' },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'prefer-const': 'error',
      'no-unused-vars': 'error',
    },
  },
)
