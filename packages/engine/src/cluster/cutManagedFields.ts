/*
 * Cuts what nobody reads out of the API server's JSON before it is parsed. `managedFields` is 42 % of a pod's bytes,
 * and parsing is the whole cost of reading a cluster (`perf.md` section A: 1.5 times faster with the cut).
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

const MANAGED_FIELDS = Buffer.from('"managedFields"');
const METADATA = Buffer.from('"metadata"');
const LAST_APPLIED = Buffer.from(
  '"kubectl.kubernetes.io/last-applied-configuration"',
);

/** A half-open range of bytes to leave out. */
interface Range {
  start: number;
  end: number;
}

/**
 * Removes every `managedFields` array of a `metadata` object, in place; returns the part of `json` that is left.
 * Text that is not valid JSON stays invalid and is left to `JSON.parse` to refuse.
 */
export function cutManagedFields(json: Buffer): Buffer {
  const ranges: Range[] = [];
  let at = 0;
  for (;;) {
    // An opening quote cannot be escaped and a quote inside a string is, so that a hit before a colon is a key.
    const key = json.indexOf(MANAGED_FIELDS, at);
    if (key < 0) {
      return withoutRanges(json, ranges);
    }
    at = key + MANAGED_FIELDS.length;
    const value = valueAfterKey(json, at);
    if (
      value === undefined ||
      json[value] !== OPEN_BRACKET ||
      !isInMetadata(json, key)
    ) {
      continue;
    }
    const end = endOfContainer(json, value);
    if (end === undefined) {
      return withoutRanges(json, ranges);
    }
    at = end;
    ranges.push({ start: key, end });
  }
}

/**
 * Empties the annotation in which `kubectl apply` keeps the whole object, in place: for a Secret it holds the values,
 * and metadata-only answers carry it too.
 */
export function cutLastApplied(json: Buffer): Buffer {
  const ranges: Range[] = [];
  let at = 0;
  for (;;) {
    const key = json.indexOf(LAST_APPLIED, at);
    if (key < 0) {
      return compact(json, ranges);
    }
    at = key + LAST_APPLIED.length;
    const value = valueAfterKey(json, at);
    if (value === undefined || json[value] !== QUOTE) {
      continue;
    }
    const end = endOfString(json, value);
    if (end === undefined) {
      return compact(json, ranges);
    }
    at = end;
    ranges.push({ start: value + 1, end: end - 1 });
  }
}

/** Where the value begins that belongs to a key ending at `at`; `undefined` when no colon follows. */
function valueAfterKey(json: Buffer, at: number): number | undefined {
  const colon = skipSpace(json, at);
  return json[colon] === COLON ? skipSpace(json, colon + 1) : undefined;
}

function skipSpace(json: Buffer, from: number): number {
  let at = from;
  while (isSpace(json[at])) {
    at++;
  }
  return at;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** The end of the string that opens at `open`; `undefined` when it does not end. */
function endOfString(json: Buffer, open: number): number | undefined {
  let quote = open;
  do {
    quote = json.indexOf(QUOTE, quote + 1);
    if (quote < 0) {
      return undefined;
    }
  } while (isEscaped(json, quote));
  return quote + 1;
}

function isEscaped(json: Buffer, at: number): boolean {
  let backslashes = 0;
  while (json[at - 1 - backslashes] === BACKSLASH) {
    backslashes++;
  }
  return backslashes % 2 === 1;
}

/** The end of the array or object that opens at `open`; `undefined` when it does not end. */
function endOfContainer(json: Buffer, open: number): number | undefined {
  let depth = 0;
  let at = open;
  while (at < json.length) {
    switch (json[at]) {
      case QUOTE: {
        const end = endOfString(json, at);
        if (end === undefined) {
          return undefined;
        }
        at = end - 1;
        break;
      }
      case OPEN_BRACE:
      case OPEN_BRACKET:
        depth++;
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        depth--;
        if (depth === 0) {
          return at + 1;
        }
        break;
      default:
    }
    at++;
  }
  return undefined;
}

/** Whether the object around the key at `key` is the value of a `metadata` key. Reads backwards from the key. */
function isInMetadata(json: Buffer, key: number): boolean {
  let depth = 0;
  for (let at = key - 1; at >= 0; at--) {
    switch (json[at]) {
      case QUOTE:
        do {
          at = at === 0 ? -1 : json.lastIndexOf(QUOTE, at - 1);
        } while (at >= 0 && isEscaped(json, at));
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        depth++;
        break;
      case OPEN_BRACKET:
        depth--;
        break;
      case OPEN_BRACE:
        if (depth === 0) {
          return followsMetadataKey(json, at);
        }
        depth--;
        break;
      default:
    }
  }
  return false;
}

function followsMetadataKey(json: Buffer, brace: number): boolean {
  const colon = skipSpaceBackwards(json, brace - 1);
  if (json[colon] !== COLON) {
    return false;
  }
  const start = skipSpaceBackwards(json, colon - 1) + 1 - METADATA.length;
  return (
    start >= 0 &&
    METADATA.compare(json, start, start + METADATA.length) === 0 &&
    !isEscaped(json, start)
  );
}

function skipSpaceBackwards(json: Buffer, from: number): number {
  let at = from;
  while (at >= 0 && isSpace(json[at])) {
    at--;
  }
  return at;
}

/** Removes members of objects together with the comma that they leave over. */
function withoutRanges(json: Buffer, ranges: readonly Range[]): Buffer {
  const widened: Range[] = [];
  for (const { start, end } of ranges) {
    const next = skipSpace(json, end);
    if (json[next] === COMMA) {
      widened.push({ start, end: next + 1 });
      continue;
    }
    // The last member: the comma before it goes, past members that are cut as well.
    let from = start;
    let previous = skipSpaceBackwards(json, from - 1);
    while (widened.length && previous < widened[widened.length - 1].end) {
      from = widened.pop()!.start;
      previous = skipSpaceBackwards(json, from - 1);
    }
    widened.push({ start: json[previous] === COMMA ? previous : from, end });
  }
  return compact(json, widened);
}

/** Moves what is between the ranges together, in place. */
function compact(json: Buffer, ranges: readonly Range[]): Buffer {
  let written = 0;
  let read = 0;
  for (const { start, end } of ranges) {
    json.copyWithin(written, read, start);
    written += start - read;
    read = end;
  }
  json.copyWithin(written, read);
  return json.subarray(0, written + json.length - read);
}
