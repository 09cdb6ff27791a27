/** The number of single-letter edits (insert, delete, replace, swap of neighbours) between two texts. */
export function editDistance(left: string, right: string): number {
  const width = right.length + 1;
  const cells = new Array<number>((left.length + 1) * width);
  for (let i = 0; i <= left.length; i++) {
    for (let j = 0; j <= right.length; j++) {
      if (i === 0 || j === 0) {
        cells[i * width + j] = i + j;
        continue;
      }
      let best = Math.min(
        cells[(i - 1) * width + j] + 1,
        cells[i * width + j - 1] + 1,
        cells[(i - 1) * width + j - 1] + (left[i - 1] === right[j - 1] ? 0 : 1),
      );
      if (
        i > 1 &&
        j > 1 &&
        left[i - 1] === right[j - 2] &&
        left[i - 2] === right[j - 1]
      ) {
        best = Math.min(best, cells[(i - 2) * width + j - 2] + 1);
      }
      cells[i * width + j] = best;
    }
  }
  return cells[cells.length - 1];
}

/**
 * The candidate that the wanted name was probably meant to be: at most two edits away and clearly nearer than half of
 * the name (`relationships.md` section 2: a near miss is a typo in the reference).
 */
export function nearName(
  wanted: string,
  candidates: Iterable<string>,
): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.min(2, Math.floor((wanted.length - 1) / 2)) + 1;
  for (const candidate of candidates) {
    if (
      candidate === wanted ||
      Math.abs(candidate.length - wanted.length) >= bestDistance
    ) {
      continue;
    }
    const distance = editDistance(wanted, candidate);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}
