import { StatusLevel } from '@kubernetes-topology/plugin-kubernetes-topology-common';

const DISC = 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Z';
const RING = `${DISC}M8 2.6a5.4 5.4 0 1 1 0 10.8A5.4 5.4 0 0 1 8 2.6Z`;
const CROSS =
  'M5.4 4.3 8 6.9l2.6-2.6 1.1 1.1L9.1 8l2.6 2.6-1.1 1.1L8 9.1l-2.6 2.6-1.1-1.1L6.9 8 4.3 5.4Z';

/**
 * One outline for each level on a 16 × 16 grid, told apart without colour: disc with tick, triangle, diamond, open
 * arc, corners around a cross, rings with their own signs. A single path keeps a graph of hundreds of nodes light.
 */
export const SHAPES: Readonly<Record<StatusLevel, string>> = {
  ok: `${DISC}M7 11.4 3.7 8.1l1.2-1.2L7 9l4.1-4.1 1.2 1.2Z`,
  down: 'M8 .8 15.6 14.6H.4ZM7.1 5.6v4.4h1.8V5.6ZM7.1 11.3v1.7h1.8v-1.7Z',
  degraded: 'M8 .4 15.6 8 8 15.6.4 8ZM7.1 4v5h1.8V4ZM7.1 10.4v1.7h1.8v-1.7Z',
  progressing: 'M8 1a7 7 0 1 0 7 7h-2.4A4.6 4.6 0 1 1 8 3.4Z',
  missing: `M1 1h4v1.8H2.8V5H1ZM11 1h4v4h-1.8V2.8H11ZM1 11h1.8v2.2H5V15H1ZM13.2 11H15v4h-4v-1.8h2.2Z${CROSS}`,
  unknown: `${RING}M7.2 10.7h1.6v1.6H7.2ZM5.4 6.4C5.4 5 6.5 4 8 4s2.6 1 2.6 2.3c0 1-.6 1.5-1.1 2-.4.3-.7.5-.7.9v.4H7.2v-.6c0-1 .6-1.5 1.1-1.9.4-.3.7-.5.7-.9 0-.4-.4-.8-1-.8s-1 .4-1 1Z`,
  idle: `${RING}M5 7.2h6v1.6H5Z`,
  suspended: `${RING}M5.7 5.2h1.7v5.6H5.7ZM8.6 5.2h1.7v5.6H8.6Z`,
  maintenance:
    'M1.5 1.5h13v13h-13ZM3.1 3.1v9.8h9.8V3.1ZM7.2 5h1.6v2.2H11v1.6H8.8V11H7.2V8.8H5V7.2h2.2Z',
  terminating: `${RING}M6 5 8 7l2-2 1 1-2 2 2 2-1 1-2-2-2 2-1-1 2-2-2-2Z`,
  history: `${RING}M7.2 4.2h1.6v3.4l2.2 2.2-1.1 1.1-2.7-2.7Z`,
};
