module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  rules: {
    // Benchmarks print; that is what they are for.
    'no-console': 'off',
  },
});
