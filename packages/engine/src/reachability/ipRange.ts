export type IpFamily = 4 | 6;

/** Addresses of one family; both ends count. */
export interface IpRange {
  family: IpFamily;
  first: bigint;
  last: bigint;
}

const BITS = { 4: 32, 6: 128 } as const;

/** All addresses of a family. */
export function allAddresses(family: IpFamily): IpRange {
  return { family, first: 0n, last: (1n << BigInt(BITS[family])) - 1n };
}

/** The number of an address. `undefined` for what is none. */
export function parseAddress(
  text: string,
): { family: IpFamily; value: bigint } | undefined {
  const value = text.includes(':') ? parseV6(text) : parseV4(text);
  return value === undefined
    ? undefined
    : { family: text.includes(':') ? 6 : 4, value };
}

/**
 * The addresses of a CIDR. Bits beyond the prefix are ignored and leading zeros are decimal, as the API server's
 * `ParseCIDRSloppy` has it. `undefined` for what is none.
 */
export function parseCidr(
  text: string,
): (IpRange & { prefix: number }) | undefined {
  const [base, prefixText, ...rest] = text.split('/');
  const address = parseAddress(base);
  if (!address || rest.length > 0 || !/^\d{1,3}$/.test(prefixText ?? '')) {
    return undefined;
  }
  const { family, value } = address;
  const prefix = Number(prefixText);
  if (prefix > BITS[family]) {
    return undefined;
  }
  const size = 1n << BigInt(BITS[family] - prefix);
  const first = (value / size) * size;
  return { family, first, last: first + size - 1n, prefix };
}

/** An address, a CIDR, or `first-last`. */
export function parseIpRange(text: string): IpRange | undefined {
  const [from, to, ...rest] = text.split('-').map(part => part.trim());
  if (to !== undefined) {
    const first = parseAddress(from);
    const last = parseAddress(to);
    return first &&
      last &&
      rest.length === 0 &&
      first.family === last.family &&
      first.value <= last.value
      ? { family: first.family, first: first.value, last: last.value }
      : undefined;
  }
  if (text.includes('/')) {
    const cidr = parseCidr(text);
    return cidr && { family: cidr.family, first: cidr.first, last: cidr.last };
  }
  const address = parseAddress(text);
  return (
    address && {
      family: address.family,
      first: address.value,
      last: address.value,
    }
  );
}

export function rangeIncludes(
  { family, first, last }: IpRange,
  inner: IpRange,
): boolean {
  return family === inner.family && first <= inner.first && inner.last <= last;
}

export function rangesOverlap(a: IpRange, b: IpRange): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

/** `10.0.0.0-10.255.255.255`. */
export function rangeText({ family, first, last }: IpRange): string {
  return `${addressText(family, first)}-${addressText(family, last)}`;
}

/** As short as it can be said: an address, a CIDR, or a range. */
export function shortRangeText(range: IpRange): string {
  const { family, first, last } = range;
  const size = last - first + 1n;
  if (size === 1n) {
    return addressText(family, first);
  }
  const hostBits = size.toString(2).length - 1;
  return size === 1n << BigInt(hostBits) && first % size === 0n
    ? `${addressText(family, first)}/${BITS[family] - hostBits}`
    : rangeText(range);
}

export function addressText(family: IpFamily, value: bigint): string {
  return family === 4
    ? [24n, 16n, 8n, 0n].map(shift => (value >> shift) & 255n).join('.')
    : v6Text(value);
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) {
    return undefined;
  }
  let value = 0n;
  for (const part of parts) {
    if (!/^\d+$/.test(part) || Number(part) > 255) {
      return undefined;
    }
    value = value * 256n + BigInt(Number(part));
  }
  return value;
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) {
    return undefined;
  }
  const [head, tail] = halves.map(groupsOf);
  if (!head || (halves.length === 2 && !tail)) {
    return undefined;
  }
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail ? missing < 1 : missing !== 0) {
    return undefined;
  }
  const zeros = new Array<bigint>(missing).fill(0n);
  return [...head, ...zeros, ...(tail ?? [])].reduce(
    (value, group) => value * 65_536n + group,
    0n,
  );
}

/** Of one side of `::`; the last group may be an IPv4 address. */
function groupsOf(text: string): bigint[] | undefined {
  if (text === '') {
    return [];
  }
  const groups: bigint[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (part.includes('.') && index === parts.length - 1) {
      const v4 = parseV4(part);
      if (v4 === undefined) {
        return undefined;
      }
      groups.push(v4 >> 16n, v4 & 65_535n);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      groups.push(BigInt(`0x${part}`));
    } else {
      return undefined;
    }
  }
  return groups;
}

/** RFC 5952: the longest run of zero groups is `::`. */
function v6Text(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((value >> BigInt((7 - index) * 16)) & 65_535n).toString(16),
  );
  let best = { at: 0, length: 0 };
  for (let at = 0; at < 8; at++) {
    let length = 0;
    while (groups[at + length] === '0') {
      length++;
    }
    if (length > best.length) {
      best = { at, length };
    }
  }
  return best.length < 2
    ? groups.join(':')
    : `${groups.slice(0, best.at).join(':')}::${groups
        .slice(best.at + best.length)
        .join(':')}`;
}
