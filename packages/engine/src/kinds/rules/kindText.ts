import { KindId } from '../identity';

/** `Issuer.cert-manager.io`, `Secret`; undefined when the text is no kind. */
export function parseKindText(text: string): KindId | undefined {
  const match =
    /^([A-Z][A-Za-z0-9]*)(?:\.([a-z0-9]([a-z0-9.-]*[a-z0-9])?))?$/.exec(text);
  return match ? { kind: match[1], group: match[2] ?? '' } : undefined;
}

/** For texts that the schema has checked. */
export function kindFromText(text: string): KindId {
  return parseKindText(text)!;
}
