/** What is wrong with a saved graph, in words that name the place: `Nodes[3].ID is 5, not a text`. */
export class SavedGraphError extends Error {
  readonly name = 'SavedGraphError';
}
