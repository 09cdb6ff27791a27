module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  rules: {
    // Benchmarks print; that is what they are for.
    'no-console': 'off',
    // They share the start of PostgreSQL with `npm test` (scripts/).
    '@backstage/no-relative-monorepo-imports': 'off',
  },
});
