import type * as Chevrotain from 'chevrotain';

/**
 * chevrotain is published as ES modules only. Node's own `require` loads them from CommonJS; jest's replacement does
 * not find its inner packages, in no package that has the engine among its imports. So it is Node's own, always.
 */
const { createRequire } = process.getBuiltinModule('node:module');

export const chevrotain: typeof Chevrotain =
  createRequire(__filename)('chevrotain');
