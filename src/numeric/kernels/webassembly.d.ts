/**
 * The WebAssembly interface as far as it is used, which Node has and its types leave to browsers'.
 */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array)
    private readonly brand: never
  }
  class Memory {
    constructor(size: { initial: number; maximum: number; shared: true })
    readonly buffer: SharedArrayBuffer
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>)
    readonly exports: object
  }
  function compile(bytes: Uint8Array): Promise<Module>
}
