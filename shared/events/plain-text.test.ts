import { describe, expect, test } from 'vitest';
import { errorInText } from './plain-text.ts';

const NODE = `TypeError: Cannot read properties of undefined (reading 'id')
    at total (file:///app/cart.js:12:7)
    at async handler (file:///app/index.js:3:1)`;

const JAVA = `Exception in thread "main" java.lang.IllegalStateException: no stock
\tat com.example.Shop.buy(Shop.java:42)
\tat com.example.Main.main(Main.java:7)
Caused by: java.io.IOException: disk
\t... 2 more`;

const PYTHON = `Traceback (most recent call last):
  File "/app/main.py", line 3, in <module>
    run()
requests.exceptions.Timeout: after 3 s`;

describe('the error in a text', () => {
  test('is read from a trace of V8', () => {
    expect(errorInText(`2026-11-21 ERROR ${NODE}`)).toEqual({
      type: 'TypeError',
      message: "Cannot read properties of undefined (reading 'id')",
      stack: NODE,
    });
  });

  test('is read from a bare Error with a code and a message of two lines', () => {
    const stack = 'Error [ERR_X]: first\nsecond\n    at f (a.js:1:1)';
    expect(errorInText(stack)).toEqual({ type: 'Error', message: 'first\nsecond', stack });
  });

  test('is read from a trace of the JVM, its causes in the stack', () => {
    const stack = JAVA.slice(JAVA.indexOf('java.lang'));
    expect(errorInText(JAVA)).toEqual({ type: 'java.lang.IllegalStateException', message: 'no stock', stack });
  });

  test('is read from a trace of Python', () => {
    expect(errorInText(`ERROR:root:failed\n${PYTHON}`)).toEqual({
      type: 'requests.exceptions.Timeout',
      message: 'after 3 s',
      stack: PYTHON,
    });
  });

  test('is the last one of a chain of Python', () => {
    const chain = `${PYTHON}\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File "x", line 1\nKeyError: 'a'`;
    expect(errorInText(chain)).toEqual({ type: 'KeyError', message: "'a'", stack: chain });
  });

  test.each([
    [''],
    ['one line with TypeError: x'],
    ['two\nlines'],
    ['look\n    at the sea'],
    ['Traceback (most recent call last):\n  cut'],
  ])('is not seen in %j', (text) => {
    expect(errorInText(text)).toBeUndefined();
  });

  test('is looked for in hostile lines without end', () => {
    for (const part of ['A.', 'Aa', 'A A', '\n at x', 'a: \n', 'Traceback (most recent call last):\n']) {
      expect(errorInText(`${part.repeat(300_000)}\n    at x`)).toBeUndefined();
    }
  });
});
