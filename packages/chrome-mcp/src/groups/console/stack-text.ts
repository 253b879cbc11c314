import type { Protocol } from 'devtools-protocol';

const CALL = /^\s+at (?:async )?(?:(.*?) \()?([^()\s]+):(\d+):(\d+)\)?$/;

/** The stack that an error itself tells; messages of before the listening have no other. */
export function stackIn(description: string): Protocol.Runtime.StackTrace | null {
  const callFrames = description.split('\n').flatMap((line) => {
    const [, functionName = '', url, lineNumber, columnNumber] = CALL.exec(line) ?? [];
    if (url === undefined) return [];
    return [
      {
        functionName,
        scriptId: '',
        url,
        lineNumber: Number(lineNumber) - 1,
        columnNumber: Number(columnNumber) - 1,
      },
    ];
  });
  return callFrames.length === 0 ? null : { callFrames };
}
