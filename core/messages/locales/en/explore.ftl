## Explore

explore-title = Explore
explore-question = Which slice is it?

## Saved views

views-title = Saved views
views-none = No view is saved yet.
views-name = Name of the new view
views-save = Save view
views-hint = Visible to everybody at this partner. A view stores the filters and the definition. A period such as “the last 28 days” ends on the day on which the view is opened.
views-remove = Remove
# $name
views-remove-label = Remove: { $name }
# $slice (View), $period, $person and $time (View)
views-details = { $slice } { $period }; { $person }, { $time }
