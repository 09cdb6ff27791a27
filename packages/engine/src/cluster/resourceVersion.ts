const DECIMAL = /^(0|[1-9]\d*)$/;

/**
 * Whether one resource version of a kind is older than another, or the same. Officially they are opaque; servers that
 * store in etcd (and those that imitate it) count, which Kubernetes has since promised (KEP-5504). For any other form
 * the answer is false.
 */
export function isNotNewer(version: string, than: string): boolean {
  if (!DECIMAL.test(version) || !DECIMAL.test(than)) {
    return false;
  }
  return version.length === than.length
    ? version <= than
    : version.length < than.length;
}

/** As `isNotNewer`, without the same. */
export function isOlder(version: string, than: string): boolean {
  return version !== than && isNotNewer(version, than);
}
