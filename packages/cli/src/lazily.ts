/**
 * The exports of a module of ours that was imported when it was needed, and that has no default export. Run from sources,
 * Node sees a CommonJS module in it, and gives its exports as the default.
 */
export async function lazily<Module extends object>(
  imported: Promise<Module>,
): Promise<Module> {
  const module: Module & { default?: Module } = await imported;
  return module.default ?? module;
}
