import { Failure } from './failure';
import { assertNodeForEngine } from './nodeVersion';

describe('assertNodeForEngine', () => {
  it.each(['22.23.3', '24.21.0', '26.0.0'])('takes Node %s', version => {
    expect(() => assertNodeForEngine(version)).not.toThrow();
  });

  it.each(['18.20.0', '20.20.2'])('says what to do on Node %s', version => {
    expect(() => assertNodeForEngine(version)).toThrow(Failure);
    expect(() => assertNodeForEngine(version)).toThrow(
      /needs Node 22 or 24, and this is/,
    );
  });
});
