import { describe, expect, test } from 'vitest';
import { levelInText } from './level-in-text.ts';

describe('the level of a plain line', () => {
  test.each([
    ['2026-11-21 10:00:00,123 ERROR [main] c.e.Shop - no stock', 'error'],
    ['[Sun Dec 04 04:47:44 2005] [error] mod_jk child workerEnv in error state 6', 'error'],
    ['[Sun Dec 04 04:47:44.123 2005] [core:warn] [pid 7] x', 'warning'],
    ['time=2026-11-21T10:00:00Z level=warning msg="an ERROR before"', 'warning'],
    ['{"severity": "CRITICAL", broken json', 'critical'],
    ['081109 203615 148 INFO dfs.DataNode: Received ERROR from peer', 'info'],
    ['FATAL: password authentication failed', 'critical'],
    ['error: cannot open file', 'error'],
    ['Dec 10 06:55:46 host sshd[24200]: fatal: Read from socket failed', 'critical'],
    ['2016-09-28 04:30:30, Info                  CBS    Loaded Servicing Stack', 'info'],
    ['03-17 16:13:38.811  1702  2395 E WindowManager: printFreezingDisplayLogs', 'error'],
    ['E0923 12:34:56.789012    1 controller.go:1] failed', 'error'],
    ['<34>1 2003-10-11T22:14:15.003Z mymachine su - ID47 - failed', 'critical'],
    ['<191>debug of local7', 'debug'],
    ['Nov 21 SEVERE: out of heap', 'error'],
  ])('is found in %j: %s', (line, level) => {
    expect(levelInText(line)).toBe(level);
  });

  test.each([
    [''],
    ['the request ended with an error after 3 s'],
    ['no warning was given'],
    ['GET /ERROR/404 200'],
    ['TERROR ERRORS MY_ERROR ERROR_CODE'],
    ['battery level=5'],
    [`${'x'.repeat(130)} ERROR`],
    ['<999>x'],
    ['I am fine'],
  ])('is not found in %j', (line) => {
    expect(levelInText(line)).toBeUndefined();
  });

  test('is looked for in hostile lines without end', () => {
    for (const part of ['[a.', '1 ', ': ', 'level=', '(((', '<1'])
      expect(levelInText(part.repeat(1_000_000))).toBeUndefined();
  });
});
