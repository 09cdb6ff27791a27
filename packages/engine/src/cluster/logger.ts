/** What the engine logs to; Backstage's logger service fits. Fields never hold an object's contents. */
export interface Logger {
  info(message: string, fields?: { [name: string]: string | number }): void;
  warn(message: string, fields?: { [name: string]: string | number }): void;
  error(message: string, fields?: { [name: string]: string | number }): void;
  debug(message: string, fields?: { [name: string]: string | number }): void;
}
