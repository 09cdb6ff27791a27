import { ProgressLine, ProgressStream } from './progressLine';

const CLEAR = '\r\x1b[2K';

describe('ProgressLine', () => {
  it.each<[string, boolean, boolean | undefined, string]>([
    ['a terminal', true, undefined, `${CLEAR}a${CLEAR}bcdefghi…${CLEAR}`],
    ['a terminal, unwanted', true, false, ''],
    ['a file', false, undefined, ''],
    ['a file, wanted', false, true, 'a\nbcdefghijkl\n'],
  ])('on %s', (_, isTTY, isWanted, written) => {
    let text = '';
    const stream: ProgressStream = {
      isTTY,
      columns: 10,
      write: chunk => {
        text += chunk;
        return true;
      },
    };
    const line = new ProgressLine(stream, isWanted);
    line.show('a');
    line.show('a');
    line.show('bcdefghijkl');
    line.end();
    line.end();
    expect(text).toBe(written);
  });
});
