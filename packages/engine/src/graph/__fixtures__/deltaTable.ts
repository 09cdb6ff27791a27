// The analysis' test utilities import it from here; to go when they import from __testUtils__.
export * from '../__testUtils__/deltaTable';
