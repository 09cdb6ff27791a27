import { sumOf } from './quantityText';

it.each([
  ['100m', '20m', '120m'],
  ['1Gi', '512Mi', '1536Mi'],
  ['1Gi', '1Gi', '2Gi'],
  ['4', '1', '5'],
  ['500m', '500m', '1'],
  ['1500m', '1', '2500m'],
  ['0', '8Gi', '8Gi'],
  ['1G', '1M', '1001000000'],
])('%s and %s are %s', (one, other, sum) => {
  expect(sumOf(one, other)).toBe(sum);
});

it('adds one several times', () => {
  expect(sumOf('100m', '20m', 2)).toBe('140m');
});

it.each([
  ['much', '1'],
  [undefined, '1'],
])('knows no sum of %s and %s', (one, other) => {
  expect(sumOf(one, other)).toBeUndefined();
});
