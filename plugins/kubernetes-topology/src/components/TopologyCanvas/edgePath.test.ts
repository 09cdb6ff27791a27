import { edgePath } from './edgePath';

const box = (x: number, y: number) => ({ x, y, width: 200, height: 80 });

describe('edgePath', () => {
  it('leaves on the right and arrives on the left', () => {
    expect(edgePath(box(0, 0), box(300, 100)).d).toBe(
      'M 200 40 C 250 40 250 140 300 140',
    );
  });

  it('goes backwards from left to right', () => {
    expect(edgePath(box(300, 0), box(0, 0)).d).toBe(
      'M 300 40 C 250 40 250 40 200 40',
    );
  });

  it('swings out between two nodes of one column', () => {
    expect(edgePath(box(0, 0), box(0, 200)).d).toBe(
      'M 200 40 C 244 40 244 240 200 240',
    );
  });

  it('passes level through the columns on its way, in either direction', () => {
    const way = [
      { x: 300, y: 200 },
      { x: 500, y: 200 },
    ];
    expect(edgePath(box(0, 0), box(600, 0), way).d).toContain(
      '300 200 C 400 200 400 200 500 200',
    );
    expect(edgePath(box(600, 0), box(0, 0), way).d).toContain(
      '500 200 C 400 200 400 200 300 200',
    );
  });
});
