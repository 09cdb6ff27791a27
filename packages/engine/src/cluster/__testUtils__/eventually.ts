/** Tries an expectation until it holds, at most so many milliseconds. */
export async function eventually(
  expectation: () => void | Promise<void>,
  within: number = 5_000,
): Promise<void> {
  const deadline = Date.now() + within;
  for (;;) {
    try {
      await expectation();
      return;
    } catch (error) {
      if (Date.now() > deadline) {
        throw error;
      }
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  }
}
