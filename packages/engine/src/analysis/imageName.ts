/** The registry that an image is pulled from: `docker.io` where the name has none. */
export function registryOf(image: string): string {
  const [first, ...rest] = image.split('/');
  const isHost =
    rest.length > 0 &&
    (first.includes('.') || first.includes(':') || first === 'localhost');
  return isHost ? first : 'docker.io';
}

/** The image without tag and digest. */
export function repositoryOf(image: string): string {
  const [name] = image.split('@');
  const colon = name.lastIndexOf(':');
  return colon > name.lastIndexOf('/') ? name.slice(0, colon) : name;
}
