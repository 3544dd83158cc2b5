## Titles and questions of views that their own pages do not show.

receipt-question = Which lines were used, and which were not?
unit-title = Unit
unit-question = What happened to this unit?
