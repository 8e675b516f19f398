# Flights: one computation for all who want a value at the same time.
target_sources(deft
  PRIVATE
    errors.cpp
    flight_sampling.cpp
  PUBLIC FILE_SET HEADERS FILES
    "${deft_include}/memo/errors.hpp"
    "${deft_include}/memo/detail/flight_errors.hpp"
    "${deft_include}/memo/detail/flight_record.hpp"
    "${deft_include}/memo/detail/flight_sampling.hpp"
    "${deft_include}/memo/detail/single_flight.hpp"
    "${deft_include}/memo/detail/wait_graph.hpp")
