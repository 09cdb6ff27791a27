import { Pace } from './pace';

describe('Pace', () => {
  it('runs one at a time for each controller, so many at once over all, and all of them', async () => {
    const pace = new Pace(3);
    const running: string[] = [];
    let most = 0;
    const order: string[] = [];
    const work = (controller: string, name: string) =>
      pace.run(controller, async () => {
        expect(running).not.toContain(controller);
        running.push(controller);
        most = Math.max(most, running.length);
        await new Promise(resolve => setTimeout(resolve, 2));
        running.splice(running.indexOf(controller), 1);
        order.push(name);
      });
    await Promise.all(
      ['a', 'a', 'b', 'c', 'd', 'a', 'e', 'b'].map((controller, index) =>
        work(controller, `${controller}${index}`),
      ),
    );
    expect(most).toBe(3);
    expect(order).toHaveLength(8);
    expect(order.filter(name => name.startsWith('a'))).toEqual([
      'a0',
      'a1',
      'a5',
    ]);
  });

  it('goes on after a failure', async () => {
    const pace = new Pace(1);
    const failing = pace.run('a', async () => {
      throw new Error('no');
    });
    const next = pace.run('a', async () => 'yes');
    await expect(failing).rejects.toThrow('no');
    await expect(next).resolves.toBe('yes');
  });
});
