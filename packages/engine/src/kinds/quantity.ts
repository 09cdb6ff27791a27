/**
 * Kubernetes quantities (`3Gi`, `500m`, `1e9`), for comparison only: a double holds 15 digits exactly, far more than
 * capacities and requests have.
 */
const SCALES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The number that a quantity stands for; `undefined` when the text is no quantity. */
export function parseQuantity(text: unknown): number | undefined {
  if (typeof text === 'number') {
    return Number.isFinite(text) ? text : undefined;
  }
  if (typeof text !== 'string') {
    return undefined;
  }
  const match =
    /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([A-Za-z]*))$/.exec(
      text.trim(),
    );
  if (!match) {
    return undefined;
  }
  const [, mantissa, exponent, suffix = ''] = match;
  if (exponent) {
    return Number(mantissa + exponent);
  }
  const scale = SCALES[suffix];
  return scale === undefined ? undefined : Number(mantissa) * scale;
}
