//! What sending does as time goes by.

mod limits_of_time;
mod repeating;
