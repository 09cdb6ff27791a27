import { splitName } from './splitName';

describe('splitName', () => {
  it.each([
    ['task-pv-pod', 'task-pv-pod', ''],
    ['a'.repeat(22), 'a'.repeat(22), ''],
    [
      'wordpress-mysql-54d56b8d5c-8ntpm',
      'wordpress-mysql-54d56',
      'b8d5c-8ntpm',
    ],
  ])('splits %s', (name, head, tail) => {
    expect(splitName(name)).toEqual({ head, tail });
  });
});
