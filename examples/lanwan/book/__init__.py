"""The assignment book as its authors wrote it: one sheet an area, one line a task.

A package starts with `= name | 名称 | UNIT | options`; each following line is
`T-start days | work | 工作 | options`, where T counts from opening and days are working days. Options:

- `p=KEY:SS+3,prev` predecessors (`prev` is the line above and the default, `prev2` two above, `-` none,
  `KEY#` the same item of another repeated package, `KEY*` every item); `k=KEY` names a line;
- `u=UNIT`, `sup=UNIT,UNIT`, `who=First_Last[:item]`, `hole[=item]` (nobody is responsible yet);
- `cal=7|std`, `place=ID`, `w=WEIGHT`, `gate=T-70`, `dl=-40` (deadline), `c=SNET-14` (constraint), `ph=PHASE`;
- of what really happened: `late[=item:days]`, `slow[=item]`, `silent[=item]`;
- of repeated packages: `each=LIST`, `step=DAYS` between items, `only=ITEM,ITEM`.
"""
