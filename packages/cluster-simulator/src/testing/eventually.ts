/** Waits until the check passes or answers other than undefined and false; fails with the last error after the limit. */
export async function eventually<T>(
  check: () => T,
  limitMilliseconds: number = 5000,
): Promise<NonNullable<T>> {
  const end = Date.now() + limitMilliseconds;
  for (;;) {
    let failure: unknown;
    try {
      const result = check();
      if (result !== undefined && result !== false && result !== null) {
        return result;
      }
      failure = new Error('the condition did not come true in time');
    } catch (error) {
      failure = error;
    }
    if (Date.now() > end) {
      throw failure;
    }
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}
