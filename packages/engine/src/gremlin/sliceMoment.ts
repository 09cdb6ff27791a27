import { Moment } from '../store/moment';

/** All revisions that were valid within a span of time; both ends in milliseconds since the epoch. */
export function sliceMoment(from: number, to: number): Moment {
  const [start, end] = [from, to].map(time => Math.trunc(Number(time)));
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end)) {
    throw new TypeError(`${from} to ${to} is no span of time`);
  }
  const valid = `valid_from <= ${end} AND valid_to > ${start}`;
  const nodes = `(SELECT * FROM node_history WHERE ${valid})`;
  const edges = `(SELECT * FROM edge_history WHERE ${valid})`;
  return {
    isPast: true,
    nodes,
    search: nodes,
    edges,
    parts: { nodes: [nodes], edges: [edges] },
  };
}
