import { parseQuantity } from './quantity';

const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'] as const;

/**
 * The sum of two quantities as one would write it: `100m` and `20m` give `120m`, `1Gi` and `512Mi` give `1536Mi`.
 *
 * @param times how often the other one is added
 */
export function sumOf(
  one: string | undefined,
  other: string | undefined,
  times: number = 1,
): string | undefined {
  const [a, b] = [parseQuantity(one), parseQuantity(other)];
  if (a === undefined || b === undefined) {
    return undefined;
  }
  return quantityText(a + b * times, `${one}${other}`.includes('i'));
}

function quantityText(amount: number, binary: boolean): string {
  if (!Number.isInteger(amount)) {
    // 0.1 + 0.02 is a little more than 0.12.
    return `${Math.ceil(Math.round(amount * 1e6) / 1e3)}m`;
  }
  let value = amount;
  let unit = 0;
  while (
    binary &&
    unit < BINARY.length - 1 &&
    value >= 1024 &&
    value % 1024 === 0
  ) {
    value /= 1024;
    unit += 1;
  }
  return `${value}${BINARY[unit]}`;
}
