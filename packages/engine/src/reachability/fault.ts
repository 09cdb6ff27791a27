/** Why an API server would refuse an object: which field, and what is wrong with it. */
export interface Fault {
  /** As the API server writes it: `spec.ingress[0].ports[1].endPort`. */
  field: string;
  message: string;
}

/** `undefined` and null are the same in a manifest: the field is not set. */
export function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** As short as a message can bear. */
export function shownValue(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** What decoding refuses before validation: a value of the wrong type. */
export function typeFault(
  field: string,
  value: unknown,
  wanted: string,
): Fault {
  return { field, message: `must be ${wanted}, is ${shownValue(value)}` };
}
