import fc from 'fast-check';
import {
  addressText,
  IpFamily,
  parseAddress,
  parseCidr,
  parseIpRange,
  rangeText,
  shortRangeText,
} from './ipRange';

it.each([
  ['0.0.0.0/0', '0.0.0.0-255.255.255.255'],
  ['10.1.2.3/8', '10.0.0.0-10.255.255.255'],
  ['010.001.0.0/16', '10.1.0.0-10.1.255.255'],
  ['10.1.2.3', '10.1.2.3-10.1.2.3'],
  ['10.1.2.3-10.1.2.9', '10.1.2.3-10.1.2.9'],
  ['::/0', '::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['2001:DB8::/32', '2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['::ffff:1.2.3.4/128', '::ffff:102:304-::ffff:102:304'],
  ['fe80::1', 'fe80::1-fe80::1'],
  ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8-1:2:3:4:5:6:7:8'],
])('%s is %s', (text, range) => {
  expect(rangeText(parseIpRange(text)!)).toBe(range);
});

it.each([
  ...['', '10.0.0.0/33', '10.0.0/8', '10.0.0.0.0', '256.0.0.1', '10.0.0.0/'],
  ...['10.0.0.0/-1', '10.0.0.0/8/8', '::/129', ':::', '1::2::3', '12345::'],
  ...['1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', 'g::', '10.0.0.9-10.0.0.1'],
  ...['10.0.0.1-::1', 'nobody', '10.0.0.0/0x8', '1:2:3:4:5:6:7::8:9'],
])('%j is none', text => {
  expect(parseIpRange(text)).toBeUndefined();
});

it.each([
  ['10.0.0.0-10.255.255.255', '10.0.0.0/8'],
  ['10.0.0.1-10.0.0.1', '10.0.0.1'],
  ['10.0.0.1-10.0.0.2', '10.0.0.1-10.0.0.2'],
  ['::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '::/0'],
])('%s in short is %s', (text, short) => {
  expect(shortRangeText(parseIpRange(text)!)).toBe(short);
});

it('reads what it writes', () => {
  const address = fc.oneof(
    fc.record({
      family: fc.constant<IpFamily>(4),
      value: fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }),
    }),
    fc.record({
      family: fc.constant<IpFamily>(6),
      value: fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
    }),
    fc
      .array(fc.constantFrom(0n, 0n, 1n, 65_535n), {
        minLength: 8,
        maxLength: 8,
      })
      .map(groups => ({
        family: 6 as IpFamily,
        value: groups.reduce<bigint>((all, group) => all * 65_536n + group, 0n),
      })),
  );
  fc.assert(
    fc.property(address, fc.nat(128), ({ family, value }, prefix) => {
      const text = addressText(family, value);
      expect(parseAddress(text)).toEqual({ family, value });
      const bits = family === 4 ? prefix % 33 : prefix;
      const cidr = parseCidr(`${text}/${bits}`)!;
      expect(cidr.first <= value && value <= cidr.last).toBe(true);
      expect(parseIpRange(shortRangeText(cidr))).toEqual({
        family,
        first: cidr.first,
        last: cidr.last,
      });
    }),
  );
});
