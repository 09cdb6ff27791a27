// A test of the sources: it runs in Node.
/* eslint-disable no-restricted-imports */
import fs from 'fs';
import path from 'path';

/** The portal's design tokens that are not on their way out (`backstage.md` section 7.2); its lint rule sees no CSS. */
const ALLOWED = new RegExp(
  `^--bui-(${[
    'bg-(app|neutral-[1-4])',
    'fg-(primary|secondary|disabled|positive|negative|warning|announcement)',
    'border-[12]',
    'ring',
    '(accent|announcement|negative|positive|warning)-(bg|fg)(-hover|-disabled)?',
    '(announcement|negative|positive|warning)-(bg-subdued|fg-subdued|border)(-hover|-disabled)?',
    'space-[0-9.]+',
    'radius-([0-9]|full)',
    'font-(regular|monospace|size-[0-9]+|weight-(regular|bold))',
  ].join('|')})$`,
);

function filesBelow(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => path.join(folder, name))
    .filter(name => /\.(css|tsx?)$/.test(name) && !name.endsWith('.test.ts'));
}

describe('design tokens', () => {
  it('uses only those that stay', () => {
    const used = filesBelow(__dirname).flatMap(file =>
      [...fs.readFileSync(file, 'utf8').matchAll(/--bui-[a-z0-9-]+/g)].map(
        ([token]) => ({ file: path.relative(__dirname, file), token }),
      ),
    );
    expect(used.length).toBeGreaterThan(100);
    expect(used.filter(({ token }) => !ALLOWED.test(token))).toEqual([]);
  });
});
