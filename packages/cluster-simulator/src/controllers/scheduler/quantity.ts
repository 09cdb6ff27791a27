const FACTORS: Record<string, number> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
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

/** A Kubernetes quantity (`250m`, `1Gi`, `1e3`) as a number; NaN for what is none. */
export function parseQuantity(quantity: string | number | undefined): number {
  if (quantity === undefined) {
    return 0;
  }
  const parts = /^([+-]?[0-9.]+(?:[eE][+-]?\d+)?)([A-Za-z]*)$/.exec(
    String(quantity),
  );
  return parts ? Number(parts[1]) * (FACTORS[parts[2]] ?? NaN) : NaN;
}
