/// @file
/// Declarations without definitions, for headers that only name deft's types. Default template arguments stay
/// with the definitions, so that this header includes nothing.
#pragma once

namespace deft {

struct bounds;

class any_view;

template <typename T, T Lowest, T Highest>
class bounded;

template <auto... Members>
struct bit_packed;

template <typename E, E Last>
class bounded_enum;

template <typename K, typename Compare>
class counter;

template <typename Key, typename T, typename Compare, typename KeyContainer, typename MappedContainer>
class flat_map;

template <typename Key, typename T, typename Compare, typename KeyContainer, typename MappedContainer>
class flat_multimap;

template <typename Key, typename Compare, typename KeyContainer>
class flat_multiset;

template <typename Key, typename Compare, typename KeyContainer>
class flat_set;

template <typename Container>
class frozen;

template <typename T, decltype(sizeof(0)) Rank>
class nd_view;

template <typename T, typename Layout>
class packed;

template <typename... Fields>
class record;

template <typename T, typename Layout, typename Allocator>
class record_vector;

template <typename T, typename Compare, typename Projection, typename Allocator>
class search_index;

template <typename T, typename Layout>
class shared_table;

template <typename T>
class shared_view;

template <typename T, typename Compare, typename Allocator>
class sorted_list;

template <typename Key, typename T, typename Compare, typename Allocator>
class sorted_map;

template <typename Key, typename Compare, typename Allocator>
class sorted_set;

template <typename T, typename Compare, typename Allocator>
class sorted_vector;

template <typename T>
class view;

}  // namespace deft
