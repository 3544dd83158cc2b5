## Explore

explore-title = Explore
explore-question = Which slice is it?
